import type { Text } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'

const credentials = phrase`Correct REDIS_URL: user name and password, percent-encoded; and let that user read, write and run scripts on its keys (ACL SETUSER … ~sso:* +@connection +@read +@write +@scripting -@dangerous +cluster|slots).`
const cluster = phrase`Look at CLUSTER INFO and CLUSTER NODES there: a node that is gone has to come back, or a replica to take over, until cluster_state is ok and every slot is served.`

/** Where to fix what Redis refuses for, by the code of its reply. */
const fixes: Readonly<Record<string, Text>> = {
  READONLY: phrase`REDIS_URL leads to a replica: let it lead to the primary, or make this one the primary (REPLICAOF NO ONE).`,
  MASTERDOWN: phrase`REDIS_URL leads to a replica that has lost its primary: let it lead to the primary, or make this one the primary (REPLICAOF NO ONE).`,
  NOREPLICAS: phrase`Bring its replicas back (INFO replication), or lower min-replicas-to-write in its configuration.`,
  MISCONF: phrase`Redis cannot save its data: let it write to its folder (CONFIG GET dir), and see that its disk is not full; its log says why, and BGSAVE tries again.`,
  OOM: phrase`Its memory is full: raise maxmemory (INFO memory), or take out what else is kept there; maxmemory-policy has to be noeviction or volatile-ttl.`,
  LOADING: phrase`It is still reading its data: wait until INFO persistence says loading:0, and try again.`,
  BUSY: phrase`A script of somebody else runs there: wait for its end, or end it (SCRIPT KILL).`,
  NOAUTH: credentials,
  WRONGPASS: credentials,
  NOPERM: credentials,
  CLUSTERDOWN: cluster,
  MOVED: cluster,
}

/** What to do about a refusal of Redis. @param code such as `READONLY` */
export const fixOf = (code: string): Text =>
  fixes[code] ?? phrase`See to what Redis says there, and to its log; or set REDIS_URL to another one.`
