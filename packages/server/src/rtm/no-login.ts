import { refusal } from '@ringline/protocol';

/** To a device that has no login of RTM, or not any more. */
export const NO_LOGIN = refusal('forbidden', {
  message: 'This page has no login of RTM: say `rtm` in its hello.',
});
