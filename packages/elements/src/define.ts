import { RinglineCall } from './call/ringline-call.ts';
import { RinglineContacts } from './contacts/ringline-contacts.ts';
import { RinglineDevices } from './devices/ringline-devices.ts';
import { RinglineDial } from './dial/ringline-dial.ts';
import { RinglineHistory } from './history/ringline-history.ts';
import { RinglineIncoming } from './incoming/ringline-incoming.ts';
import { RinglineConversation } from './messages/ringline-conversation.ts';
import { RinglineMessages } from './messages/ringline-messages.ts';
import { RinglinePhone } from './phone/ringline-phone.ts';

/** Every element of the kit by its tag. */
export const ELEMENTS = {
  'ringline-phone': RinglinePhone,
  'ringline-incoming': RinglineIncoming,
  'ringline-call': RinglineCall,
  'ringline-devices': RinglineDevices,
  'ringline-dial': RinglineDial,
  'ringline-contacts': RinglineContacts,
  'ringline-history': RinglineHistory,
  'ringline-messages': RinglineMessages,
  'ringline-conversation': RinglineConversation,
} as const;

/** Defines every element that the page does not have yet: two copies of the kit do not meet in an error. */
export function defineElements(registry: CustomElementRegistry = customElements): void {
  for (const [tag, element] of Object.entries(ELEMENTS)) {
    if (registry.get(tag) === undefined) registry.define(tag, element);
  }
}

type Elements = typeof ELEMENTS;
type Tags = { [Tag in keyof Elements]: InstanceType<Elements[Tag]> };

declare global {
  interface HTMLElementTagNameMap extends Tags {}
}
