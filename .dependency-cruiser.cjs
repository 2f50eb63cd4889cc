/** Imports point one way: functions, infra → shared/adapters → shared/ports ← shared/<domain room>. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'domain-stays-pure',
      comment: 'Domain rooms know ports, never adapters, functions or infra.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/adapters/' },
      to: { path: '^(shared/adapters|functions|infra|web|bench|test)/' },
    },
    {
      name: 'no-aws-outside-adapters',
      comment: 'Only the AWS adapters speak to AWS.',
      severity: 'error',
      from: { path: '^(shared|functions)/', pathNot: '^shared/adapters/aws/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'no-io-in-domain',
      comment: 'Files, network and processes belong to adapters and hosts.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/adapters/' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|os|worker_threads|sqlite|dns|tls)$' },
    },
    {
      name: 'adapters-do-not-mix',
      severity: 'error',
      from: { path: '^shared/adapters/aws/' },
      to: { path: '^shared/adapters/embedded/' },
    },
    {
      name: 'embedded-does-not-import-aws',
      severity: 'error',
      from: { path: '^shared/adapters/embedded/' },
      to: { path: '^shared/adapters/aws/|node_modules/@aws-sdk/' },
    },
    { name: 'functions-do-not-import-infra', severity: 'error', from: { path: '^functions/' }, to: { path: '^(infra|test|bench)/' } },
    { name: 'infra-does-not-import-tests', severity: 'error', from: { path: '^(infra|shared)/' }, to: { path: '^(test|bench)/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
