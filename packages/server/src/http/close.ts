import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';

/** How long requests under way may take once the server is asked to stop. */
const DRAIN_MS = 5_000;

/** Stops listening and lets requests end; Node no longer times out slow ones by then, so we do. */
export async function closeApp(
  app: FastifyInstance,
  clock: Clock,
  drainMs = DRAIN_MS,
): Promise<void> {
  const timer = clock.after(drainMs, () => app.server.closeAllConnections());
  await app.close();
  timer.cancel();
}
