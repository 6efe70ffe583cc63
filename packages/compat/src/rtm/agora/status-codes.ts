/** The enumerations of agora-rtm-sdk 1.x: `RtmStatusCode`. */
export * from '../core/words.ts';
