#!/usr/bin/env node
await import('../doctor.ts')
