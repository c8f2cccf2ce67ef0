#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts';

// The command line is the owner of its process: unlike the SDK it reads the environment, minds signals and ends it.
const { argv, env, stdout, stderr } = process;
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(signal));

process.exit(await runCli(argv.slice(2), { env, stdout, stderr, signal: interruption.signal }));
