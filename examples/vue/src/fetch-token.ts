/** In your application your own backend gives this out, to users that it has signed in. */
export async function fetchToken(user: string): Promise<string> {
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  if (!answer.ok) throw new Error('There is no token to be had: does the server run?');
  const { token } = (await answer.json()) as { token: string };
  return token;
}
