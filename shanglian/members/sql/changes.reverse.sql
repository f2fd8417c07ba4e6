DROP VIEW members_change;
