-- Who signed most cables of each post
SELECT post, signature, count(*) AS cables, min(sent) AS first, max(sent) AS last
FROM cables WHERE signature IS NOT NULL
GROUP BY post, signature ORDER BY cables DESC LIMIT 20;

-- The persons named in most cables, with their roles
SELECT entities.name, entities.role, entities.cables, entities.first_sent, entities.last_sent
FROM entities WHERE type = 'PER' ORDER BY entities.cables DESC, entities.name LIMIT 20;

-- Every cable that names a person, under whatever name: here whoever is called Rochat
SELECT cables.mrn, cables.sent, cables.subject, cable_entities.name
FROM aliases
JOIN cable_entities ON cable_entities.entity_id = aliases.entity_id
JOIN cables ON cables.id = cable_entities.cable_id
WHERE aliases.name LIKE '%Rochat%' GROUP BY cables.id ORDER BY cables.sent;

-- Who is named together with whom, in how many cables
SELECT one.name, other.name AS with_name, count(DISTINCT a.cable_id) AS cables
FROM cable_entities AS a
JOIN cable_entities AS b ON b.cable_id = a.cable_id AND b.entity_id > a.entity_id
JOIN entities AS one ON one.id = a.entity_id AND one.type = 'PER'
JOIN entities AS other ON other.id = b.entity_id AND other.type = 'PER'
GROUP BY one.id, other.id ORDER BY cables DESC, one.name LIMIT 20;

-- What a person is reported to have said, in the words of the cables
SELECT cables.mrn, cable_entities.name, statements.cue,
       substr(units.text, statements.start + 1, statements.end - statements.start) AS sentence
FROM statements
JOIN cable_entities ON cable_entities.id = statements.source_id
JOIN units ON units.id = statements.unit_id
JOIN cables ON cables.id = units.cable_id
ORDER BY cables.sent, units.position, statements.start LIMIT 20;

-- Meetings that took place, with those who met
SELECT cables.mrn, meetings.date, meetings.kind, group_concat(cable_entities.name, ', ') AS participants
FROM meetings
JOIN participants ON participants.meeting_id = meetings.id
JOIN cable_entities ON cable_entities.id = participants.cable_entity_id
JOIN units ON units.id = meetings.unit_id
JOIN cables ON cables.id = units.cable_id
WHERE meetings.status = 'held' GROUP BY meetings.id ORDER BY coalesce(meetings.date, cables.sent);

-- Cables by year and classification
SELECT substr(sent, 1, 4) AS year, classification, count(*) AS cables
FROM cables GROUP BY year, classification ORDER BY year, classification;

-- Which TAGS go together
SELECT a.code, b.code AS with_code, count(*) AS cables
FROM tags AS a JOIN tags AS b ON b.cable_id = a.cable_id AND b.code > a.code
GROUP BY a.code, b.code ORDER BY cables DESC, a.code LIMIT 20;

-- Cables that are referred to but are not in the archive, the most wanted first
SELECT mrn, count(DISTINCT cable_id) AS referring
FROM "references" WHERE mrn IS NOT NULL AND mrn NOT IN (SELECT mrn FROM cables WHERE mrn IS NOT NULL)
GROUP BY mrn ORDER BY referring DESC, mrn LIMIT 20;

-- Paragraphs that are marked lower than their cable: what could be released of a secret cable
SELECT cables.mrn, cables.classification AS cable, units.classification AS paragraph, units.number, units.text
FROM units JOIN cables ON cables.id = units.cable_id
WHERE units.classification IS NOT NULL AND units.level < cables.level ORDER BY cables.mrn, units.position LIMIT 20;
