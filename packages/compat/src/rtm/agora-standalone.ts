/** As one file for a script tag: `AgoraRTM` is there for every script of the page. */
import { AgoraRTM } from './agora/agora-rtm.ts';

(globalThis as { AgoraRTM?: typeof AgoraRTM }).AgoraRTM = AgoraRTM;
