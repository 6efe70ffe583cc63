import { describe } from 'vitest';
import { storeContract } from '../contract.ts';
import { openStore } from './databases.ts';

describe('the store in PostgreSQL', () => {
  storeContract(() => openStore());
});
