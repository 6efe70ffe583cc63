/** For doors that applications of other vendors come in by: what is said over a client's connection beside calls and messages. */
export { tabNotes } from './browser/notes.ts';
export type { RaisedCallOptions } from './calls/place.ts';
export { extend } from './extensions.ts';
export type { Extension, ExtensionLine, ToldToExtension } from './extensions.ts';
export type {
  Answer,
  AnswerTo,
  InsistOptions,
  RequestBody,
  RequestOptions,
} from './signalling/requests.ts';
