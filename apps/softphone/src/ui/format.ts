/** A length of time as `0:07`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(Math.floor(seconds) % 60).padStart(2, '0');
  if (hours === 0) return `${minutes}:${rest}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** An instant (epoch milliseconds): its time when it is of the same day as `now`, else its date too. */
export function formatInstant(at: number, now: number, language: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  return new Intl.DateTimeFormat(language, isToday ? time : { ...day, ...time }).format(at);
}
