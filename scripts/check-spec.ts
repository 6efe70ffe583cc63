import { checkSpec } from './src/spec/check.ts';
import { reportViolations } from './src/violation.ts';

reportViolations('spec', checkSpec());
