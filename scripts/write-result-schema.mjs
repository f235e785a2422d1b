#!/usr/bin/env node
// Writes docs/result.schema.json anew from src/io/resultSchema.ts, after `npm run build`.
import { writeFileSync } from 'node:fs';
import { resultJsonSchema } from '../dist/src/io/resultSchema.js';

writeFileSync(new URL('../docs/result.schema.json', import.meta.url), resultJsonSchema());
