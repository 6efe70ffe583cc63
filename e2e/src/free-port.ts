export { freePort } from '@ringline/testkit/free-port';
