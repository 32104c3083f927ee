import { describeServerLeg } from './describe-server-leg.ts';

describeServerLeg('http');
