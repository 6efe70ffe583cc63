/** A length of time as `0:07`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(Math.floor(seconds) % 60).padStart(2, '0');
  if (hours === 0) return `${minutes}:${rest}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** The SDK counts up to so many, which stand for that many and more. */
const COUNTED = 100;

/** A number for a badge; of more than fits it, that it is more. */
export function formatCount(count: number): string {
  return count < COUNTED ? `${count}` : `${COUNTED - 1}+`;
}

/** An instant (epoch milliseconds): its time when it is of the same day as `now`, else its date too. */
export function formatInstant(at: number, now: number, language: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  return new Intl.DateTimeFormat(language, isToday ? time : { ...day, ...time }).format(at);
}

/** An instant's time of day. */
export function formatTime(at: number, language: string): string {
  return formatted(at, language, { hour: 'numeric', minute: '2-digit' });
}

/** How many days before the day of `now` an instant lies, by this device's calendar; negative for later days. */
export function daysBefore(at: number, now: number): number {
  const [day, today] = [new Date(at), new Date(now)].map((date) =>
    // In UTC every day has 24 hours.
    Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()),
  );
  return ((today ?? 0) - (day ?? 0)) / 86_400_000;
}

/** The day of an instant: today, yesterday, a weekday of the last week, or its date. */
export function formatDay(
  at: number,
  now: number,
  language: string,
  { today, yesterday }: { readonly today: string; readonly yesterday: string },
): string {
  const days = daysBefore(at, now);
  if (days === 0) return today;
  if (days === 1) return yesterday;
  if (days > 1 && days < 7) return formatted(at, language, { weekday: 'long' });
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const day = { weekday: 'short', month: 'long', day: 'numeric' } as const;
  const year = { year: 'numeric', month: 'long', day: 'numeric' } as const;
  return formatted(at, language, isThisYear ? day : year);
}

/** As short as a list of conversations has room for: the time today, else the day. */
export function formatShort(
  at: number,
  now: number,
  language: string,
  words: { readonly today: string; readonly yesterday: string },
): string {
  const days = daysBefore(at, now);
  if (days === 0) return formatTime(at, language);
  if (days === 1) return words.yesterday;
  if (days > 1 && days < 7) return formatted(at, language, { weekday: 'short' });
  return formatted(at, language, { year: '2-digit', month: 'numeric', day: 'numeric' });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format costs a thousand times what using it costs. */
function formatted(at: number, language: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format.format(at);
}
