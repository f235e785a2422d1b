#!/usr/bin/env node
import { exit } from './exit.ts';
import { program } from './program.ts';

process.exitCode = await exit(() => program().parseAsync(process.argv));
