/** The element of this id. */
export const byId = (id) => document.getElementById(id);

/** Writes a line that a person can read. */
export function tell(...words) {
  const line = document.createElement('li');
  line.textContent = words.join(' ');
  byId('log').append(line);
}

async function logIn(client, uid) {
  // Stands for your own backend, which signs tokens.
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: uid }),
  });
  const { token } = await answer.json();
  await client.login({ uid, token });
  byId('sign-in').hidden = true;
  byId('invite').hidden = false;
  tell('logged in as', uid);
}

/** Logs in when the form is sent. */
export function signIn(client) {
  byId('sign-in').addEventListener('submit', (event) => {
    event.preventDefault();
    void logIn(client, byId('user').value);
  });
}
