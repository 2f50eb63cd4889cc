import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { caseWorkflow } from '../shared/casework/workflow-definition.ts';
import { workflowDiagram } from './workflow-diagram.ts';

/* Draws the case workflow into its page: `npm run -s docs:workflow`. */
const page = fileURLToPath(new URL('../docs/case-workflow.md', import.meta.url));
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/```mermaid\n[\s\S]*?```/, `\`\`\`mermaid\n${workflowDiagram(caseWorkflow)}\n\`\`\``));
