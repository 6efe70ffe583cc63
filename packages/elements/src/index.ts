/** The Ringline UI kit: importing it defines its elements, and does nothing else. */
import { defineElements } from './define.ts';

export { RinglineContacts } from './contacts/ringline-contacts.ts';
export { ELEMENTS, defineElements } from './define.ts';
export { RinglineDial } from './dial/ringline-dial.ts';
export { RinglineHistory } from './history/ringline-history.ts';
export { RinglineConversation } from './messages/ringline-conversation.ts';
export { RinglineMessages } from './messages/ringline-messages.ts';
export { Changing } from './model/changing.ts';
export { flawOfName, flawOfUser } from './model/entry-flaw.ts';
export { Conversation } from './model/conversation.ts';
export { Conversations } from './model/conversations.ts';
export { errorText } from './model/error-text.ts';
export type * from './model/lists-client.ts';
export type { LoadState } from './model/loading.ts';
export type { Marks } from './model/marks.ts';
export { Names } from './model/names.ts';
export { outcomeOf } from './model/outcome.ts';
export type { Outcome } from './model/outcome.ts';
export type { Outgoing } from './model/outbox.ts';
export { People } from './model/people.ts';
export type { Person } from './model/people.ts';
export { Phone } from './model/phone.ts';
export type { PhoneClient, Stage } from './model/phone.ts';
export { Records } from './model/records.ts';
export { Session } from './model/session.ts';
export { endedText, legNotes, ringingText } from './model/wording.ts';
export { RinglinePhone } from './phone/ringline-phone.ts';
export { COLOURS, MEASURES } from './style/tokens.ts';
export type { Texts } from './text/en.ts';
export { languageFor, textsIn } from './text/text.ts';
export type { Language } from './text/text.ts';
export { RinglineElement } from './ui/ringline-element.ts';
export type { Theme } from './ui/ringline-element.ts';

if (typeof customElements !== 'undefined') defineElements();
