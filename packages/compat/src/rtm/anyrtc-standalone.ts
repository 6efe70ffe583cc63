/** As one file for a script tag: `ArRTM` is there for every script of the page. */
import { ArRTM } from './anyrtc/ar-rtm.ts';

(globalThis as { ArRTM?: typeof ArRTM }).ArRTM = ArRTM;
