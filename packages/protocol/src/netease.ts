/** Reading call records (话单) and copied messages (抄送) in the forms of NetEase. This entry runs everywhere and imports nothing from outside. */
export * from './netease/copy-out.ts';
export * from './netease/json.ts';
export * from './netease/merge.ts';
export * from './netease/parse.ts';
export * from './netease/record.ts';
export * from './netease/record-error.ts';
export * from './netease/render.ts';
