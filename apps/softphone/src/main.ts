import { tabDeviceId } from '@ringline/client';
import { App } from './app.ts';
import type { TokenSource } from './rest.ts';
import {
  forgetAccount,
  nameOf,
  rememberAccount,
  rememberedAccount,
  tokensOf,
} from './sign-in/account.ts';
import type { Account } from './sign-in/account.ts';
import { SignInView } from './sign-in/sign-in-view.ts';
import './style/base.css';
import './style/controls.css';
import './style/layout.css';
import './style/lists.css';
import './style/messages.css';
import './style/call.css';
import { language } from './text/text.ts';

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

function openApp(token: TokenSource, deviceId: string, ownName: string | undefined): App {
  const app = new App({
    token,
    deviceId,
    ...(ownName !== undefined && { ownName }),
    signOut: () => {
      app.close();
      forgetAccount();
      askWho();
    },
  });
  return app;
}

/** A new account is remembered and its page shown once the server has welcomed it. */
async function signIn(account: Account): Promise<void> {
  const token = tokensOf(account);
  await token();
  const app = openApp(token, await tabDeviceId(), nameOf(account));
  try {
    await app.start();
  } catch (error) {
    app.close();
    throw error;
  }
  rememberAccount(account);
  root?.replaceChildren(app.element);
}

/** After a reload the page is there at once, and says that it connects. */
async function resume(account: Account): Promise<void> {
  const app = openApp(tokensOf(account), await tabDeviceId(), nameOf(account));
  root?.replaceChildren(app.element);
  try {
    await app.start();
  } catch (error) {
    // Who signed out meanwhile has been asked already.
    if (!app.element.isConnected) return;
    app.close();
    askWho(error);
  }
}

const remembered = rememberedAccount();
if (remembered === undefined) askWho();
else void resume(remembered);
