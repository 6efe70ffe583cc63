import { describe } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { callsContract } from './contract/calls.ts';
import { channelsContract } from './contract/channels.ts';
import { conversationsContract } from './contract/conversations.ts';
import { devicesContract } from './contract/devices.ts';
import { inboxContract } from './contract/inbox.ts';
import { leasesContract } from './contract/leases.ts';
import { outboxContract } from './contract/outbox.ts';
import { outboxPastContract } from './contract/outbox-past.ts';
import { pastCallsContract } from './contract/past-calls.ts';
import { pastDevicesContract } from './contract/past-devices.ts';
import { qualityContract } from './contract/quality.ts';
import { recordsContract } from './contract/records.ts';
import { removalContract } from './contract/removal.ts';
import { rtmContract } from './contract/rtm.ts';
import { stepsContract } from './contract/steps.ts';

/** Makes an empty store. */
export type MakeStore = () => Store | Promise<Store>;

/** What every store must do, whatever it is made of. */
export function storeContract(make: MakeStore): void {
  describe('steps', () => {
    stepsContract(make);
  });
  describe('calls', () => {
    callsContract(make);
  });
  describe('devices', () => {
    devicesContract(make);
  });
  describe('leases', () => {
    leasesContract(make);
  });
  describe('inboxes', () => {
    inboxContract(make);
  });
  describe('outbox', () => {
    outboxContract(make);
    outboxPastContract(make);
  });
  describe('conversations', () => {
    conversationsContract(make);
  });
  describe('removal', () => {
    removalContract(make);
  });
  describe('past calls', () => {
    pastCallsContract(make);
  });
  describe('past devices', () => {
    pastDevicesContract(make);
  });
  describe('quality', () => {
    qualityContract(make);
  });
  describe('records', () => {
    recordsContract(make);
  });
  describe('rtm', () => {
    rtmContract(make);
  });
  describe('channels', () => {
    channelsContract(make);
  });
}
