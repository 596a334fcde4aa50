#!/usr/bin/env -S node --
import { needs, optionalPeers } from '../optional-peers.ts'

needs(optionalPeers.provision)
await import('../invite.ts')
