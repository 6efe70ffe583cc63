import { RinglineClient, tabDeviceId } from '@ringline/client';
import type { TokenProvider } from '@ringline/client';
import { sharedPreferences } from '@ringline/elements';
import {
  forgetAccount,
  nameOf,
  rememberAccount,
  rememberedAccount,
  tokensOf,
} from './sign-in/account.ts';
import type { Account } from './sign-in/account.ts';
import { SignInView } from './sign-in/sign-in-view.ts';
import './style.css';
import { language, text } from './text/text.ts';
import { h } from './ui/dom.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element #app.');
document.documentElement.lang = language;

/** Asks who this is, and says why where somebody was signed in before. */
function askWho(reason?: unknown): void {
  // A server in development mode serves its own machine only; any other asks for tokens.
  const isThisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
  const view = new SignInView(signIn, !isThisMachine);
  root?.replaceChildren(view.element);
  view.focus();
  if (reason !== undefined) view.explain(reason);
}

/** A signed-in user's connection. */
async function clientOf(tokenProvider: TokenProvider): Promise<RinglineClient> {
  const deviceId = await tabDeviceId();
  const callWaiting = sharedPreferences().isCallWaitingOn;
  return new RinglineClient({ url: location.origin, tokenProvider, deviceId, callWaiting });
}

function showPhone(client: RinglineClient, account: Account): HTMLElement {
  const phone = document.createElement('ringline-phone');
  phone.client = client;
  phone.name = nameOf(account);
  const signOut = h('button', { type: 'button', class: 'sign-out', slot: 'account' }, text.signOut);
  signOut.addEventListener('click', () => {
    client.disconnect();
    forgetAccount();
    askWho();
  });
  phone.append(signOut);
  root?.replaceChildren(
    h('main', { class: 'phone' }, h('h1', { class: 'unseen' }, 'Ringline'), phone),
  );
  return phone;
}

/** A new account is remembered and its page shown once the server has welcomed it. */
async function signIn(account: Account): Promise<void> {
  const tokens = tokensOf(account);
  await tokens();
  const client = await clientOf(tokens);
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw error;
  }
  rememberAccount(account);
  showPhone(client, account);
}

/** After a reload the page is there at once, and says that it connects. */
async function resume(account: Account): Promise<void> {
  const client = await clientOf(tokensOf(account));
  const phone = showPhone(client, account);
  try {
    await client.connect();
  } catch (error) {
    // Who signed out meanwhile has been asked already.
    if (!phone.isConnected) return;
    client.disconnect();
    askWho(error);
  }
}

const remembered = rememberedAccount();
if (remembered === undefined) askWho();
else void resume(remembered);
