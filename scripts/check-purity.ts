import { checkPurity } from './src/purity/check.ts';
import { reportViolations } from './src/violation.ts';

reportViolations('purity', checkPurity());
