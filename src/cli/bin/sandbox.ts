#!/usr/bin/env node
import { needs, optionalPeers } from '../optional-peers.ts'

needs(optionalPeers.sandbox)
await import('../sandbox.ts')
