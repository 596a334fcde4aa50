#!/usr/bin/env -S node --
await import('../doctor.ts')
