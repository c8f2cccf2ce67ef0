import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openssl } from './services.ts';

const run = promisify(execFile);

const CERT = 'cert.pem';
const KEY = 'key.pem';

/** A certificate for 127.0.0.1 that nobody vouches for but itself, made for one test. */
export class Certificate implements AsyncDisposable {
  readonly certFile: string;
  readonly keyFile: string;
  /** What a client has to trust, in PEM. */
  readonly ca: string;
  readonly #folder: string;

  private constructor(folder: string, ca: string) {
    this.#folder = folder;
    this.certFile = join(folder, CERT);
    this.keyFile = join(folder, KEY);
    this.ca = ca;
  }

  static async make(): Promise<Certificate> {
    const folder = await mkdtemp(join(tmpdir(), 'slotwise-tls-'));
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
    const subject = '-subj /CN=test -addext subjectAltName=IP:127.0.0.1';
    const files = ['-keyout', join(folder, KEY), '-out', join(folder, CERT)];
    await run(openssl(), [...request.split(' '), ...subject.split(' '), ...files]);
    return new Certificate(folder, await readFile(join(folder, CERT), 'utf8'));
  }

  /** Settings of a `redis-server` that listens for encrypted connections with this certificate as well. */
  redisArgs(tlsPort: number): readonly string[] {
    const { certFile, keyFile } = this;
    return `--tls-port ${tlsPort} --tls-auth-clients no --tls-ca-cert-file ${certFile}
      --tls-cert-file ${certFile} --tls-key-file ${keyFile}`.split(/\s+/);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
