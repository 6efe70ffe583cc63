import { RinglineClient, tabDeviceId } from '@ringline/elements/standalone';

/** @import { RinglinePhone } from '@ringline/elements/standalone' */

const phone = /** @type {RinglinePhone} */ (document.querySelector('ringline-phone'));
const form = /** @type {HTMLFormElement} */ (document.querySelector('#sign-in'));
const userField = /** @type {HTMLInputElement} */ (document.querySelector('#user'));
const actions = /** @type {HTMLElement} */ (document.querySelector('#actions'));
const trouble = /** @type {HTMLElement} */ (document.querySelector('#trouble'));

/**
 * In your application your own backend gives this out, to users that it has signed in.
 * @param {string} user
 * @returns {Promise<string>}
 */
async function fetchToken(user) {
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  if (!answer.ok) throw new Error('There is no token to be had: does the server run?');
  const { token } = await answer.json();
  return token;
}

/** @param {string} user */
async function signIn(user) {
  const client = new RinglineClient({
    url: location.origin,
    deviceId: await tabDeviceId(),
    tokenProvider: () => fetchToken(user),
    callWaiting: true,
  });
  await client.connect();
  phone.client = client;
  phone.hidden = actions.hidden = false;
  form.hidden = true;
}

function signOut() {
  phone.client?.disconnect();
  phone.client = undefined;
  phone.hidden = actions.hidden = true;
  form.hidden = false;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  trouble.textContent = '';
  signIn(userField.value).catch((error) => (trouble.textContent = error.message));
});
document.querySelector('#call-bob')?.addEventListener('click', () => phone.call('bob'));
document.querySelector('#sign-out')?.addEventListener('click', signOut);

// What the phone does can be watched, and prevented.
phone.addEventListener('ringline-call', ({ detail }) => {
  console.log(`calling ${detail.user} by ${detail.media}`);
});
