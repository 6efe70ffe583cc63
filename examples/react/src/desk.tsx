import type { RinglineClient } from '@ringline/client';
import '@ringline/elements';
import type { RinglinePhone } from '@ringline/elements';
import { useRef, useState } from 'react';
import { useClient } from './use-client.ts';
import { useUnread } from './use-unread.ts';

interface DeskProps {
  readonly user: string;
  readonly onSignOut: () => void;
}

/** A page of the application's own, with the phone in it and a button that calls by it. */
export function Desk({ user, onSignOut }: DeskProps) {
  const client = useClient(user);
  const phone = useRef<RinglinePhone>(null);
  const [called, setCalled] = useState<string>();
  return (
    <>
      <header>
        <h1>Help desk</h1>
        <button type="button" onClick={() => phone.current?.call('bob', 'audio')}>
          Call Bob
        </button>
        {client && <Unread client={client} />}
        {called !== undefined && <p>Last called: {called}</p>}
        <button type="button" onClick={onSignOut}>
          Sign out
        </button>
      </header>
      <main>
        <ringline-phone
          ref={phone}
          client={client}
          name={user}
          onringline-call={({ detail }) => setCalled(detail.user)}
        />
      </main>
    </>
  );
}

function Unread({ client }: { readonly client: RinglineClient }) {
  const count = useUnread(client);
  return count === 0 ? null : <p>{count} unread</p>;
}
