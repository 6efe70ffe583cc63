import { checkImports } from './src/imports/check.ts';
import { reportViolations } from './src/violation.ts';

reportViolations('imports', checkImports());
