import { keepCompiled } from './compile-cache.ts';

// Imported from here, or everything would be compiled before it is looked for among what was kept.
keepCompiled();
await import('./command-line.ts');
