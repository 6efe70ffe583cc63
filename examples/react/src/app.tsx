import { useState } from 'react';
import { Desk } from './desk.tsx';
import { SignIn } from './sign-in.tsx';

/** Asks who this is, then shows that user's desk. */
export function App() {
  const [user, setUser] = useState<string>();
  if (user === undefined) return <SignIn onSignIn={setUser} />;
  return <Desk user={user} onSignOut={() => setUser(undefined)} />;
}
