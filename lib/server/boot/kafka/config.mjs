/*
 * What a node's server.properties say: pure, from what the cluster is to be, to their text.
 */

/**
 * @typedef {object} KafkaNode
 * @property {number} id the first node, 1, is the controller too
 * @property {string} dir its data and its log
 * @property {number} port for clients, plain
 * @property {number} saslPort SASL without TLS; 0 for none
 * @property {number} tlsPort SASL over TLS; 0 for none
 */

/**
 * @typedef {object} KafkaSettings
 * @property {number} controllerPort
 * @property {number} nodes how many there are
 * @property {Record<string, string>} properties more of them
 * @property {import('./auth.mjs').Guard | undefined} auth
 */

/** @param {KafkaSettings} cluster @param {KafkaNode} node */
export function configure(cluster, node) {
  const isController = node.id === 1;
  return lines({
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': node.id,
    'controller.quorum.voters': `1@127.0.0.1:${cluster.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    listeners: [
      ...listeners(node),
      ...(isController ? [`CONTROLLER://127.0.0.1:${cluster.controllerPort}`] : []),
    ].join(),
    'advertised.listeners': listeners(node).join(),
    'listener.security.protocol.map': 'PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL',
    'log.dirs': `${node.dir}/data`,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'auto.create.topics.enable': false,
    'delete.topic.enable': true,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    ...(cluster.auth && signIn(cluster.auth)),
    ...cluster.properties,
  });
}

function listeners({ port, saslPort, tlsPort }) {
  const all = [
    ['PLAIN', port],
    ['SASL', saslPort],
    ['TLS', tlsPort],
  ];
  return all.filter(([, at]) => at > 0).map(([name, at]) => `${name}://127.0.0.1:${at}`);
}

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';

function signIn({ user, password, keystore, keystorePassword }) {
  const login = `username="${user}" password="${password}" user_${user}="${password}"`;
  const of = (listener) => ({
    [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${plain} ${login};`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: `${scram};`,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: `${scram};`,
  });
  return {
    ...of('sasl'),
    ...of('tls'),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keystore,
    'ssl.keystore.password': keystorePassword,
  };
}

function lines(properties) {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
