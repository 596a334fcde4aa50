#!/usr/bin/env -S node --
import { needs, optionalPeers } from '../optional-peers.ts'

needs(optionalPeers.sandbox)
await import('../sandbox.ts')
