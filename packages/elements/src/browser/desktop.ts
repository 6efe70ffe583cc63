import type { Desktop, PagePort } from '../model/notifier.ts';

/** The notifications of this browser. */
export const browserDesktop: Desktop = {
  get permission() {
    return typeof Notification === 'undefined' ? 'none' : Notification.permission;
  },
  ask: async () => {
    await Notification.requestPermission();
  },
  show: ({ tag, title, body, clicked }) => {
    try {
      const shown = new Notification(title, { tag, body, requireInteraction: true });
      shown.addEventListener('click', () => {
        clicked();
        shown.close();
      });
      return shown;
    } catch {
      // Some browsers show notifications of service workers only.
      return { close: () => {} };
    }
  },
};

/** The page that the elements are in. */
export const browserPage: PagePort = {
  get isHidden() {
    return document.hidden;
  },
  focus: () => window.focus(),
  watch: (changed) => {
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  },
};
