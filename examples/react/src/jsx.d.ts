import type { RinglineEvents, RinglinePhone } from '@ringline/elements';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

/** React listens to an event of a custom element where the property is `on` and its name. */
type Listeners = {
  [Name in keyof RinglineEvents as `on${Name}`]?: (
    event: CustomEvent<RinglineEvents[Name]>,
  ) => void;
};

type PhoneProperties = DetailedHTMLProps<HTMLAttributes<RinglinePhone>, RinglinePhone> &
  Partial<Pick<RinglinePhone, 'client' | 'name' | 'section' | 'peer' | 'theme' | 'badge'>> &
  Listeners;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ringline-phone': PhoneProperties;
    }
  }
}
