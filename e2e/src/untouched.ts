import type { Page } from 'playwright-core';

/** The same page, in which tests run scripts without a gesture of the user: Playwright's own way counts as one. */
export async function untouched(page: Page): Promise<Page> {
  const session = await page.context().newCDPSession(page);
  const evaluate = async (run: (argument: unknown) => unknown, argument?: unknown) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `(${String(run)})(${JSON.stringify(argument)})`,
      awaitPromise: true,
      returnByValue: true,
      userGesture: false,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value as unknown;
  };
  return new Proxy(page, {
    get: (target, name) => {
      const value: unknown = name === 'evaluate' ? evaluate : Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
