// One round of HTTP load; the autocannon options come as JSON in the first argument, the result goes out as JSON.
import autocannon from 'autocannon';

const result = await autocannon(JSON.parse(process.argv[2]));
const { requests, latency, errors, non2xx } = result;
console.log(JSON.stringify({ rate: requests.total / result.duration, p50: latency.p50, p99: latency.p99, errors: errors + non2xx }));
