import type { ChildProcess } from 'node:child_process';

/** What a process can be asked, by name: one argument, one answer, both as JSON. */
type Service<S> = { readonly [Name in keyof S]: (argument: never) => unknown };
type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Answer<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

interface Question {
  readonly name: string;
  readonly number: number;
  readonly argument: unknown;
}

interface Answered {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}

let asked = 0;

/** Asks a child process; rejects when it fails or ends. */
export function ask<S extends Service<S>, Name extends keyof S & string>(
  child: ChildProcess,
  name: Name,
  argument: Argument<S[Name]>,
): Promise<Answer<S[Name]>> {
  const number = ++asked;
  return new Promise((resolve, reject) => {
    const stop = () => child.off('message', hear).off('exit', gone);
    const gone = () => reject(new Error(`a process ended while it was asked for “${name}”`));
    const hear = (message: Answered) => {
      if (message.number !== number) return;
      stop();
      if (message.error === undefined) resolve(message.result as Answer<S[Name]>);
      else reject(new Error(message.error));
    };
    child.on('message', hear).on('exit', gone);
    child.send({ name, number, argument } satisfies Question);
  });
}

/** Answers what the parent process asks of this service, leaves the rest to others, and ends with the parent. */
export function answerParent<S extends Service<S>>(service: S): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (question: Question) => {
    if (!Object.hasOwn(service, question.name)) return;
    void answer(service[question.name as keyof S], question);
  });
}

async function answer(act: (argument: never) => unknown, question: Question): Promise<void> {
  const { number, argument } = question;
  try {
    process.send?.({ number, result: await act(argument as never) } satisfies Answered);
  } catch (error) {
    process.send?.({ number, error: String(error) } satisfies Answered);
  }
}
