import { writeFileSync } from 'node:fs';
import { reportQueries } from '../report-queries.ts';

/* Run while a function is bundled: `node write-queries.ts <file to write>`. The queries of reports beside the code, by id. */
const [to = ''] = process.argv.slice(2);
writeFileSync(to, JSON.stringify(Object.fromEntries(reportQueries())));
