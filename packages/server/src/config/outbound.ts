import { parsedSubnet } from '../outbound/addresses.ts';
import type { AllowedAddresses, Subnet } from '../outbound/addresses.ts';
import { listOf } from './readers.ts';
import type { Reader } from './readers.ts';

const subnet: Reader<Subnet> = (text) => {
  const value = parsedSubnet(text);
  return value ? { value } : { flaw: `must be addresses such as 10.0.0.0/8, has “${text}”` };
};

/** `all`, or parts of the address space separated by commas. */
export const allowedAddresses: Reader<AllowedAddresses> = (text) =>
  text === 'all' ? { value: 'all' } : listOf(subnet)(text);
