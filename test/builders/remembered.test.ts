import { periodStoreContract } from '../contract/period-store.contract.ts';
import { reportJobStoreContract } from '../contract/report-job-store.contract.ts';
import { RememberedPeriods } from './periods.ts';
import { RememberedReportJobs } from './report-jobs.ts';

// What tests rely on must hold to the promises of the real ones.
reportJobStoreContract('in memory', {
  make: async () => {
    const port = new RememberedReportJobs();
    return { port, events: async () => port.events, messages: async () => port.messages, close: async () => {} };
  },
});

periodStoreContract('in memory', {
  make: async () => {
    const port = new RememberedPeriods();
    return { port, events: async () => port.events, messages: async () => port.messages, close: async () => {} };
  },
});
