import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { step } from '#lib/server/boot/terminal.mjs';
import { Failure, quietly } from '#lib/server/boot/tool.mjs';
import { cache } from '#lib/server/boot/trino/install.mjs';
import { installedJavas } from '#lib/server/boot/trino/java.mjs';

/*
 * Kafka's files: its jars, brought once by Maven into the cache, outside the source tree. What is there is whole: it is
 * gathered beside its place and moved there when it is complete.
 */

const version = '4.1.0';
// Not ending in a number: what does is taken for a draft of the process of that number (trino/install.mjs).
const home = join(cache, `kafka-${version}-jars`);
/** What Kafka 4 asks for. */
const oldestJava = 17;

/** Kafka with what it logs by; Maven knows what they need. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lodestar</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** Why no Kafka can run here, in one sentence without its period, or null when one can. @returns {string | null} */
export function whyNoKafka() {
  const [java] = installedJavas();
  if (!java || java.version < oldestJava) {
    const seen = java ? `the newest Java here is ${java.version}` : 'no Java is installed here';
    return `Kafka needs Java ${oldestJava} or newer and ${seen}: install one, or point JAVA_HOME to it`;
  }
  if (existsSync(home) || hasMaven()) return null;
  return 'Kafka is fetched with Maven, which is not installed: install it (Debian: apt-get install maven)';
}

/** The Java that runs Kafka and Kafka's class path. Throws a Failure where there can be none. */
export async function install() {
  const why = whyNoKafka();
  if (why) throw new Failure(`${why}.`);
  if (!existsSync(home)) await step(`Fetching Kafka ${version} (43 MB)`, gather);
  return { java: join(installedJavas()[0].home, 'bin/java'), classPath: join(home, '*') };
}

async function gather() {
  const fresh = `${home}.${process.pid}`;
  mkdirSync(join(fresh, 'jars'), { recursive: true });
  try {
    writeFileSync(join(fresh, 'pom.xml'), pom);
    const folder = `-DoutputDirectory=${join(fresh, 'jars')}`;
    await quietly('mvn', ['-q', '-B', '-f', join(fresh, 'pom.xml'), 'dependency:copy-dependencies', folder]);
    settle(join(fresh, 'jars'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Another run may have been faster: its files are the same. */
function settle(jars) {
  try {
    renameSync(jars, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

function hasMaven() {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'mvn')));
}
