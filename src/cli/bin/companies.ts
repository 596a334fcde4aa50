#!/usr/bin/env -S node --
await import('../companies.ts')
