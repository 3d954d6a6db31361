// The grouping that the reader of access logs does, as SQL: the same fields of each record, the same key (ids and host names
// without case), events, first, last and days. `node group_logs.js THREADS FILE` prints what it found and how long it took, opening the database left out.
const {DuckDBInstance} = require('@duckdb/node-api');
const {performance} = require('perf_hooks');

const kColumns = `{
  time: 'TIMESTAMP_NS', timeGeneratedEndTime: 'TIMESTAMP_NS', count: 'VARCHAR', resourceId: 'VARCHAR', operationName: 'VARCHAR',
  category: 'VARCHAR',
  properties: 'STRUCT(serviceResourceId VARCHAR, serviceFqdn VARCHAR, accessRulesVersion VARCHAR, profile VARCHAR,
    matchedRule STRUCT(accessRule VARCHAR),
    source STRUCT(resourceId VARCHAR, ipAddress VARCHAR, appId VARCHAR, protocol VARCHAR, parameters VARCHAR),
    destination STRUCT(resourceId VARCHAR, fullyQualifiedDomainName VARCHAR))'}`;

function query(file) {
  return `
    WITH tuples AS (
      SELECT count(*) AS records, sum(coalesce(try_cast(count AS BIGINT), 1)) AS events, min(time) AS first,
        max(coalesce(timeGeneratedEndTime, time)) AS last, list(DISTINCT time::DATE) AS first_days,
        list(DISTINCT coalesce(timeGeneratedEndTime, time)::DATE) AS last_days
      FROM read_json('${file}', format = 'newline_delimited', ignore_errors = true, columns = ${kColumns})
      GROUP BY category, lower(resourceId), operationName, lower(properties.serviceResourceId),
        lower(properties.serviceFqdn), properties.accessRulesVersion, properties.profile,
        properties.matchedRule.accessRule, lower(properties.source.resourceId), properties.source.ipAddress,
        lower(properties.source.appId), properties.source.protocol,
        contains(lower(properties.source.parameters), 'serviceendpoint'),
        lower(properties.destination.resourceId), lower(properties.destination.fullyQualifiedDomainName))
    SELECT sum(records)::BIGINT AS records, count(*)::BIGINT AS tuples, sum(events)::BIGINT AS events FROM tuples`;
}

async function main() {
  const [threads, file] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(':memory:', {threads});
  const connection = await instance.connect();
  const start = performance.now();
  const reader = await connection.runAndReadAll(query(file.replaceAll("'", "''")));
  const seconds = (performance.now() - start) / 1000;
  const [records, tuples, events] = reader.getRows()[0];
  console.log(`records ${records} tuples ${tuples} events ${events} seconds ${seconds.toFixed(3)}`);
}

main();
