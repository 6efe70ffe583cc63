import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../../deploy/compose/secrets.sh', import.meta.url));

/** A folder of secrets as `deploy/compose/secrets.sh` makes them, until it is removed. */
export class MadeSecrets {
  readonly folder = mkdtempSync(join(tmpdir(), 'ringline-secrets-'));

  /** Runs the script, as an operator does before a start; throws with what it says if it refuses. */
  make(): void {
    execFileSync('sh', [SCRIPT, this.folder], { stdio: 'pipe' });
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
